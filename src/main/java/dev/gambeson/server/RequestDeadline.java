package dev.gambeson.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off a client that falls too far behind the lowest pace while it sends a request, its head
 * included, or that has not sent all of it in the longest time: a byte a second keeps a connection
 * from being idle, and Vert.x shows a request only once its head is there.
 */
final class RequestDeadline {
  private static final byte[] TIMEOUT =
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Limits limits;
  private final Runnable whenMissed;
  private Pace pace = new Pace(0);
  private long end;
  private @Nullable ScheduledFuture<?> running;

  private RequestDeadline(Limits limits, Runnable whenMissed) {
    this.limits = limits;
    this.whenMissed = whenMissed;
  }

  /**
   * Watches every request of a connection.
   *
   * @param whenMissed called when one was cut off
   * @throws IllegalStateException if Vert.x no longer shows the channel
   */
  static void watch(HttpConnection connection, Limits limits, Runnable whenMissed) {
    watch(Connections.channel(connection), limits, whenMissed);
  }

  static void watch(Channel channel, Limits limits, Runnable whenMissed) {
    new RequestDeadline(limits, whenMissed).watch(channel);
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
      pace.arrived(((ByteBuf) bytes).readableBytes(), now(context));
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
      pace = new Pace(now(context));
      end = now(context) + limits.request().toNanos();
      checkLater(context);
    }
  }

  private void checkLater(ChannelHandlerContext context) {
    running =
        context
            .executor()
            .schedule(() -> check(context), next() - now(context), TimeUnit.NANOSECONDS);
  }

  /** When the client is too late, if nothing more comes. */
  private long next() {
    long behind = pace.due() + limits.stall().toNanos();
    return behind - end < 0 ? behind : end;
  }

  private void check(ChannelHandlerContext context) {
    if (!context.channel().config().isAutoRead()) {
      // The request waits for the answer to the one before: its time begins when it is read.
      running = null;
      begins(context);
    } else if (next() - now(context) > 0) {
      checkLater(context);
    } else {
      whenMissed.run();
      // Closed at once: a client that reads nothing would keep the answer waiting, and this with
      // it.
      var _ = context.writeAndFlush(Unpooled.wrappedBuffer(TIMEOUT));
      var _ = context.close();
    }
  }

  private static long now(ChannelHandlerContext context) {
    return context.executor().ticker().nanoTime();
  }

  private void arrived() {
    if (running != null) {
      running.cancel(false);
      running = null;
    }
  }
}
