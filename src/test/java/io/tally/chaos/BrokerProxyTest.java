package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.chaos.BrokerProxy.Treatment;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client and a broker that send frames by hand, with the proxy between them. */
class BrokerProxyTest {
    private static final short PRODUCE = 0;
    private static final int SILENCE_MS = 300;

    private ServerSocket broker;
    private BrokerProxy proxy;
    private Socket client;
    private Socket accepted;

    @BeforeEach
    void connect() throws IOException {
        broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        proxy = new BrokerProxy(broker.getLocalPort());
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        accepted = broker.accept();
        client.setSoTimeout(10_000);
        accepted.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        accepted.close();
        proxy.close();
        broker.close();
    }

    @Test
    void shouldPassEverythingUntouched() throws IOException {
        request(BrokerProxy.END_TXN, 7);

        assertThat(answer(7)).isEqualTo(7);
        assertThat(proxy.treated()).isZero();
    }

    @Test
    void shouldLoseTheAnswerAndBeDeafThen() throws IOException {
        // Given
        proxy.treat(Treatment.SWALLOWED, 1);
        request(BrokerProxy.END_TXN, 7);
        request(PRODUCE, 8);

        // When
        send(7);
        send(8);

        // Then
        client.setSoTimeout(SILENCE_MS);
        assertThatThrownBy(this::received).isInstanceOf(SocketTimeoutException.class);
        assertThat(proxy.treated()).isEqualTo(1);
    }

    @Test
    void shouldLoseTheConnectionWithTheAnswer() throws IOException {
        // Given
        proxy.treat(Treatment.CUT_OFF, 1);
        request(BrokerProxy.END_TXN, 7);

        // When
        send(7);

        // Then
        assertThatThrownBy(this::received)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
        assertThat(proxy.treated()).isEqualTo(1);
    }

    @Test
    void shouldHoldUpTheAnswer() throws IOException {
        // Given
        proxy.treat(Treatment.DELAYED, 1);
        request(BrokerProxy.END_TXN, 7);
        long start = System.nanoTime();

        // When
        int received = answer(7);

        // Then
        assertThat(received).isEqualTo(7);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(BrokerProxy.DELAY.toNanos());
        assertThat(proxy.treated()).isEqualTo(1);
    }

    @Test
    void shouldLeaveOtherAnswersAlone() throws IOException {
        proxy.treat(Treatment.SWALLOWED, 1);
        request(PRODUCE, 8);

        assertThat(answer(8)).isEqualTo(8);
        assertThat(proxy.treated()).isZero();
    }

    @Test
    void shouldTreatNoMoreAnswersThanItWasTold() throws IOException {
        // Given
        proxy.treat(Treatment.DELAYED, 0);
        request(BrokerProxy.END_TXN, 7);

        // When
        int received = answer(7);

        // Then
        assertThat(received).isEqualTo(7);
        assertThat(proxy.treated()).isZero();
    }

    @Test
    void shouldLoseEverythingWhileItIsSilent() throws IOException {
        // Given
        request(PRODUCE, 8);
        proxy.fallSilent();

        // When
        send(8);

        // Then
        client.setSoTimeout(SILENCE_MS);
        assertThatThrownBy(this::received).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void shouldEndWhatHasLostFramesWhenItSpeaksAgain() throws IOException {
        // Given
        proxy.fallSilent();

        // When
        proxy.speak();

        // Then
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(accepted.getInputStream().read()).isEqualTo(-1);
    }

    private void request(short api, int correlation) throws IOException {
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeInt(10);
        out.writeShort(api);
        out.writeShort(5);
        out.writeInt(correlation);
        out.writeShort(0);
        DataInputStream in = new DataInputStream(accepted.getInputStream());
        assertThat(in.readInt()).isEqualTo(10);
        assertThat(in.readShort()).isEqualTo(api);
        assertThat(in.readShort()).isEqualTo((short) 5);
        assertThat(in.readInt()).isEqualTo(correlation);
        assertThat(in.readShort()).isZero();
    }

    private int answer(int correlation) throws IOException {
        send(correlation);
        return received();
    }

    private void send(int correlation) throws IOException {
        DataOutputStream out = new DataOutputStream(accepted.getOutputStream());
        out.writeInt(4);
        out.writeInt(correlation);
    }

    private int received() throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        assertThat(in.readInt()).isEqualTo(4);
        return in.readInt();
    }
}
