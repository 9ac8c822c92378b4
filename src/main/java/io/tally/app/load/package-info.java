/**
 * Commands by Kafka as clients write them, in any number and always the same ones for the same seed, and what must come
 * of them. It knows nothing of how a ledger works, so that others can be measured with it as well.
 */
@NullMarked
package io.tally.app.load;

import org.jspecify.annotations.NullMarked;
