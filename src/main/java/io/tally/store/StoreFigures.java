package io.tally.store;

/**
 * How large the stores of a process are.
 *
 * @param open how many stores are open, standbys among them
 * @param openEntries entries of open transactions, on the heap
 * @param fileBytes size of the table files
 * @param memoryBytes memory for blocks and memtables that is in use
 * @param broken how often, since the process began, a store's files were found broken and given up
 */
public record StoreFigures(int open, long openEntries, long fileBytes, long memoryBytes, long broken) {}
