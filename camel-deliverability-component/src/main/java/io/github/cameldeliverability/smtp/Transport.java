package io.github.cameldeliverability.smtp;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.BindException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What carries the octets: Linux' epoll where Netty's library for it is on the class path and loads, Java's selectors
 * otherwise. {@code -Dio.netty.transport.noNative=true} is Netty's own switch for the latter.
 *
 * @param isOurFault whether a failed connect says that our own address cannot be used, or that no port is left
 */
record Transport(
        String name, EventLoopGroup loops, Class<? extends SocketChannel> channel, Predicate<Throwable> isOurFault) {

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    static Transport best(int threads, ThreadFactory factory) {
        Transport best = nativeTransportIsThere() ? EpollTransport.open(threads, factory) : java(threads, factory);
        LOG.info("event=smtp-transport name={} threads={}", best.name(), threads);
        return best;
    }

    static Transport java(int threads, ThreadFactory factory) {
        return new Transport(
                "java", new NioEventLoopGroup(threads, factory), NioSocketChannel.class, Transport::isBindFault);
    }

    /** Netty wraps what the JDK throws, to name the address. */
    private static boolean isBindFault(Throwable cause) {
        return cause instanceof BindException || cause.getCause() instanceof BindException;
    }

    private static boolean nativeTransportIsThere() {
        try {
            return EpollTransport.isThere();
        } catch (LinkageError e) {
            // Netty's classes for it are an optional dependency.
            return false;
        }
    }
}
