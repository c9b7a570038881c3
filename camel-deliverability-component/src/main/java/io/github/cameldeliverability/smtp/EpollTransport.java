package io.github.cameldeliverability.smtp;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import java.util.concurrent.ThreadFactory;

/** The only class that names Netty's epoll classes, so that they may be absent. */
final class EpollTransport {

    /** Linux' numbers, as Netty gives them: negative. */
    private static final int EADDRINUSE = -98;

    private static final int EADDRNOTAVAIL = -99;

    private EpollTransport() {}

    static boolean isThere() {
        return Epoll.isAvailable();
    }

    static Transport open(int threads, ThreadFactory factory) {
        return new Transport(
                "epoll",
                new EpollEventLoopGroup(threads, factory),
                EpollSocketChannel.class,
                EpollTransport::isAddressFault);
    }

    private static boolean isAddressFault(Throwable cause) {
        return cause instanceof NativeIoException e
                && (e.expectedErr() == EADDRINUSE || e.expectedErr() == EADDRNOTAVAIL);
    }
}
