package io.github.keepalive4j.drivers.client;

import io.github.keepalive4j.drivers.server.Answers;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCalls;

/** By default a call has no deadline, and its channel no keepalive. */
final class GrpcConversation implements Conversation {
  private final ManagedChannel channel;

  private GrpcConversation(
      Settings settings, EventLoopGroup loop, Class<? extends Channel> channelType) {
    channel =
        NettyChannelBuilder.forAddress(settings.address(), Answers.GRPC_PORT)
            .usePlaintext()
            .eventLoopGroup(loop)
            .channelType(channelType)
            .build();
  }

  static Conversation nio(Settings settings) {
    return new GrpcConversation(
        settings,
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
        NioSocketChannel.class);
  }

  static Conversation epoll(Settings settings) {
    return new GrpcConversation(
        settings,
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()),
        EpollSocketChannel.class);
  }

  @Override
  public void ask() {
    call(Answers.ANSWERED);
  }

  @Override
  public void askInVain() {
    call(Answers.UNANSWERED);
  }

  private void call(String question) {
    ClientCalls.blockingUnaryCall(channel, Answers.METHOD, CallOptions.DEFAULT, question);
  }
}
