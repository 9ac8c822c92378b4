/** What integration tests stand on: a real broker in this process, real clients, the ledger in this process or its own. */
@NullMarked
package io.tally.rig;

import org.jspecify.annotations.NullMarked;
