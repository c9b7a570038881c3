package io.github.cameldeliverability.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One UDP and one TCP port of the same number on 127.0.0.1, each with a daemon thread. */
final class FakeDnsSockets implements AutoCloseable {

    /** Answers one query; null stays silent. */
    interface Answerer {
        byte[] answer(byte[] query, boolean tcp) throws IOException;
    }

    private static final int ATTEMPTS = 50;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Answerer answerer;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private FakeDnsSockets(DatagramSocket udp, ServerSocket tcp, Answerer answerer) {
        this.udp = udp;
        this.tcp = tcp;
        this.answerer = answerer;
    }

    /** @param port 0 for any port that is free for both */
    static FakeDnsSockets open(int port, Answerer answerer) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            for (int attempt = 1; ; attempt++) {
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, port));
                try {
                    ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 50, loopback);
                    FakeDnsSockets sockets = new FakeDnsSockets(udp, tcp, answerer);
                    start("fake-dns-udp", sockets::serveUdp);
                    start("fake-dns-tcp", sockets::serveTcp);
                    return sockets;
                } catch (BindException e) {
                    udp.close();
                    if (port != 0 || attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), udp.getLocalPort());
    }

    @Override
    public void close() {
        udp.close();
        closeQuietly(tcp);
        open.forEach(FakeDnsSockets::closeQuietly);
    }

    private void serveUdp() {
        byte[] buffer = new byte[65535];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] answer = answerer.answer(java.util.Arrays.copyOf(buffer, packet.getLength()), false);
                if (answer != null) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // A malformed query gets no answer; a closed socket ends the loop.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                open.add(socket);
                start("fake-dns-tcp-connection", () -> serve(socket));
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                // RFC 1035 4.2.2: two octets of length before each message.
                byte[] answer = answerer.answer(in.readNBytes(in.readUnsignedShort()), true);
                if (answer != null) {
                    byte[] framed = new byte[answer.length + 2];
                    framed[0] = (byte) (answer.length >> 8);
                    framed[1] = (byte) answer.length;
                    System.arraycopy(answer, 0, framed, 2, answer.length);
                    out.write(framed);
                    out.flush();
                }
            }
        } catch (EOFException e) {
            // The client has no more questions.
            return;
        } catch (IOException e) {
            // The client or this server went away.
            return;
        } finally {
            open.remove(socket);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(java.io.Closeable c) {
        try {
            c.close();
        } catch (IOException e) {
            // Nothing is left to do with it.
            return;
        }
    }
}
