/**
 * Broken builds: the real program with one fault planted, to see that whoever checks it finds the fault. A check that has
 * never failed proves little.
 *
 * <p>{@link io.tally.planted.PlantedMain} changes single methods while the classes load; the program itself has no switch
 * for it. Each fault says in the program's output that it fired, so that "caught" is no accident.
 */
@NullMarked
package io.tally.planted;

import org.jspecify.annotations.NullMarked;
