/** Tests that keep the words equal to the code. */
@NullMarked
package io.tally.docs;

import org.jspecify.annotations.NullMarked;
