package io.github.keepalive4j.bench.subject;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Netty's native epoll transport: one event loop, and the handler that its users write. */
final class NettySubject implements Subject {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("bench-netty"), EpollIoHandler.newFactory());
  private final FailureSink sink;

  NettySubject(FailureSink sink) {
    this.sink = sink;
  }

  @Override
  public int watch(InetSocketAddress peer, int slot) throws IOException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(EpollChannelOption.TCP_KEEPCNT, 5)
            .option(EpollChannelOption.TCP_KEEPIDLE, 1)
            .option(EpollChannelOption.TCP_KEEPINTVL, 1)
            .handler(new FailureHandler(sink, slot));
    ChannelFuture connected = bootstrap.connect(peer).awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw new IOException(connected.cause());
    }
    return ((InetSocketAddress) connected.channel().localAddress()).getPort();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class FailureHandler extends ChannelInboundHandlerAdapter {
    private final FailureSink sink;
    private final int slot;
    private boolean reported;

    FailureHandler(FailureSink sink, int slot) {
      this.sink = sink;
      this.slot = slot;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a failed close concerns nobody here
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      tell();
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      tell();
    }

    private void tell() {
      if (!reported) {
        sink.failed(slot);
        reported = true;
      }
    }
  }
}
