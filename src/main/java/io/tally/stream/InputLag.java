package io.tally.stream;

import java.time.Duration;

/**
 * How far this process is behind in an input partition that it decides.
 *
 * @param partition of the input, from 0
 * @param records that are not decided yet; those behind an open transaction and transaction markers count
 * @param standing for how long there have been such records without one of them being decided; zero when there are none
 */
public record InputLag(int partition, long records, Duration standing) {}
