package io.tally.app.load;

/**
 * What must come of a workload: a balance that is never below zero, and a sequence, for each user. Commands of one user are decided
 * in the order of their numbers. Confined to one thread.
 */
public final class Model {
    /**
     * What one command must have come to.
     *
     * @param delta in hundredths; 0 when it was rejected
     * @param balance afterwards
     * @param sequence how many commands of its user were decided, with it
     */
    public record Decision(long delta, long balance, long sequence) {}

    private final Workload workload;
    private final long[] balances;
    private final long[] decided;

    /** Nothing was decided yet. */
    public Model(Workload workload) {
        this.workload = workload;
        this.balances = new long[workload.users()];
        this.decided = new long[workload.users()];
    }

    /** Decides the next command of its user. */
    public Decision decide(long command) {
        int user = workload.user(command);
        long amount = workload.amount(command);
        long delta = balances[user] + amount < 0 ? 0 : amount;
        balances[user] += delta;
        decided[user]++;
        return new Decision(delta, balances[user], decided[user]);
    }

    /** In hundredths. */
    public long balance(int user) {
        return balances[user];
    }

    /** How many commands of a user were decided. */
    public long sequence(int user) {
        return decided[user];
    }
}
