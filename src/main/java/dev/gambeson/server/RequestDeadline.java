package dev.gambeson.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off a client that takes too long to send a request, its head included: a byte a second keeps
 * a connection from being idle, and Vert.x shows a request only once its head is there.
 */
final class RequestDeadline {
  private static final byte[] TIMEOUT =
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Duration limit;
  private final Runnable whenMissed;
  private @Nullable ScheduledFuture<?> running;

  private RequestDeadline(Duration limit, Runnable whenMissed) {
    this.limit = limit;
    this.whenMissed = whenMissed;
  }

  /**
   * Watches every request of a connection.
   *
   * @param whenMissed called when one was cut off
   * @throws IllegalStateException if Vert.x no longer shows the channel: without the deadline, a
   *     client could hold connections for ever
   */
  static void watch(HttpConnection connection, Duration limit, Runnable whenMissed) {
    if (!(connection instanceof ConnectionBase base)) {
      throw new IllegalStateException("no channel behind " + connection);
    }
    new RequestDeadline(limit, whenMissed).watch(base.channel());
  }

  private void watch(Channel channel) {
    var pipeline = channel.pipeline();
    var decoder = pipeline.context(HttpRequestDecoder.class).name();
    pipeline.addBefore(decoder, "firstByteOfRequest", new FirstByte());
    pipeline.addAfter(decoder, "lastByteOfRequest", new LastByte());
  }

  private final class FirstByte extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
      begins(context);
      super.channelRead(context, bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      super.channelInactive(context);
      arrived();
    }
  }

  private final class LastByte extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object part) throws Exception {
      if (part instanceof LastHttpContent) {
        arrived();
      } else {
        // The beginning may have come with the end of the request before.
        begins(context);
      }
      super.channelRead(context, part);
    }
  }

  private void begins(ChannelHandlerContext context) {
    if (running == null) {
      running =
          context.executor().schedule(() -> cut(context), limit.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void arrived() {
    if (running != null) {
      running.cancel(false);
      running = null;
    }
  }

  private void cut(ChannelHandlerContext context) {
    whenMissed.run();
    context.writeAndFlush(Unpooled.wrappedBuffer(TIMEOUT)).addListener(ChannelFutureListener.CLOSE);
  }
}
