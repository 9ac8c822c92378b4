// Prints what is wrong with an AsyncAPI document and exits with 1 if anything is. Needs @asyncapi/parser on NODE_PATH.
const { Parser, fromFile } = require('@asyncapi/parser');

const SEVERITIES = ['error', 'warning', 'information', 'hint'];
const WORST_THAT_PASSES = SEVERITIES.indexOf('information');

(async () => {
    const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
    const bad = diagnostics.filter(each => each.severity < WORST_THAT_PASSES);
    bad.forEach(each => console.log(`${SEVERITIES[each.severity]} at ${each.path.join('.')}: ${each.message}`));
    process.exit(document && bad.length === 0 ? 0 : 1);
})();
