package io.github.keepalive4j.drivers.client;

import io.github.keepalive4j.drivers.server.Answers;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A channel without a handler for time limits. Each question is a line, and so is its answer. */
final class NettyConversation implements Conversation {
  private final Answer answer = new Answer();
  private final Channel channel;

  private NettyConversation(
      Settings settings, IoHandlerFactory loop, Class<? extends Channel> channelType)
      throws InterruptedException {
    channel =
        new Bootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, loop))
            .channel(channelType)
            .handler(answer)
            .connect(settings.address(), Answers.ECHO_PORT)
            .sync()
            .channel();
  }

  static Conversation nio(Settings settings) throws InterruptedException {
    return new NettyConversation(settings, NioIoHandler.newFactory(), NioSocketChannel.class);
  }

  static Conversation epoll(Settings settings) throws InterruptedException {
    return new NettyConversation(settings, EpollIoHandler.newFactory(), EpollSocketChannel.class);
  }

  @Override
  public void ask() throws Exception {
    ask(Answers.ANSWERED);
  }

  @Override
  public void askInVain() throws Exception {
    ask(Answers.UNANSWERED);
  }

  private void ask(String question) throws Exception {
    channel
        .writeAndFlush(Unpooled.copiedBuffer(question + "\n", StandardCharsets.UTF_8))
        .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    answer.await();
  }

  /** What the channel's handler hears: an answer, or why there is none. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    private final BlockingQueue<Optional<Throwable>> heard = new LinkedBlockingQueue<>();

    void await() throws Exception {
      Optional<Throwable> error = heard.take();
      if (error.isPresent()) {
        throw new Exception(error.get());
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      heard.add(Optional.empty());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      heard.add(Optional.of(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      heard.add(Optional.of(new ClosedChannelException()));
    }
  }
}
