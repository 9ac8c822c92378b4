/**
 * Looks at everything that a start needs and at what usually goes wrong, changes nothing, and says of each what to do.
 */
@NullMarked
package io.tally.app.doctor;

import org.jspecify.annotations.NullMarked;
