package io.tally.app.bench;

/**
 * An HTTP answer.
 *
 * @param status the code
 * @param body the content, without framing
 */
record HttpAnswer(int status, byte[] body) {}
