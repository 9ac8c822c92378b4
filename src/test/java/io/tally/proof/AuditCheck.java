package io.tally.proof;

import io.tally.proof.Result.DeadLetter;
import io.tally.proof.Result.Outcome;
import io.tally.proof.Result.Rerouted;
import java.util.Map;

/**
 * Compares what was written with what the model says must be written. Pure: give it all of the input first, then the
 * outcomes and the dead letters, each in offset order per partition, then ask for the report.
 */
public final class AuditCheck {
    private final Findings findings = new Findings();
    private final Cut cut;
    private final ReferenceModel model;
    private final OutcomeCheck outcomes;
    private final DeadLetterCheck deadLetters;
    private final CopyCheck copies;

    /**
     * How far the ledger had committed its input, as the next offset by partition; a partition that is not named counts
     * as 0.
     *
     * @param before when reading began: below it everything must be there
     * @param after when reading had ended: at or above it nothing may be there. The same as before when the ledger rests
     */
    public record Cut(Map<Integer, Long> before, Map<Integer, Long> after) {
        public static Cut at(Map<Integer, Long> offsets) {
            return new Cut(offsets, offsets);
        }

        boolean covers(Position position) {
            return position.offset() < before.getOrDefault(position.partition(), 0L);
        }

        boolean mayCover(Position position) {
            return position.offset() < after.getOrDefault(position.partition(), 0L);
        }
    }

    public AuditCheck(ReferenceModel.Settings settings, Cut cut) {
        this.cut = cut;
        this.model = new ReferenceModel(settings);
        this.outcomes = new OutcomeCheck(model, cut, findings);
        this.deadLetters = new DeadLetterCheck(findings);
        this.copies = new CopyCheck(findings);
    }

    /** The next input record; those beyond the cut too, since copies may stand there. */
    public void input(InputRecord input) {
        if (input.hop() != null) {
            copies.copy(input);
        }
        if (!cut.covers(input.position())) {
            findings.count("input beyond the cut");
            if (cut.mayCover(input.position())) {
                deadLetters.tolerate(input.origin());
            }
            return;
        }
        findings.count("input");
        Result result = model.apply(input);
        outcomes.expect(input.position(), result);
        if (result instanceof Outcome outcome) {
            findings.count(outcome.accepted() ? "accepted" : "rejected");
        } else if (result instanceof DeadLetter letter) {
            findings.count("dead letters");
            deadLetters.expect(letter, input);
        } else if (result instanceof Rerouted rerouted) {
            findings.count("rerouted");
            copies.expect(rerouted, input);
        } else {
            findings.count("repeats");
        }
    }

    public void outcome(OutputRecord record) {
        outcomes.check(record);
    }

    public void deadLetter(OutputRecord record) {
        deadLetters.check(record);
    }

    public AuditReport report() {
        copies.finish();
        outcomes.finish();
        deadLetters.finish();
        return findings.report();
    }

    /** The state that the input below the cut leads to, to compare look-ups with. */
    public ReferenceModel model() {
        return model;
    }
}
