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
 * Disconnects a client that sends a request too slowly: that falls too far behind the minimum pace,
 * or exceeds the longest time. The idle timeout is not enough, since a byte a second avoids it, and
 * Vert.x shows a request only after its headers.
 */
final class RequestDeadline {
  private static final byte[] TIMEOUT =
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Limits limits;
  private final Runnable whenMissed;
  private MinimumPace pace = new MinimumPace(0);
  private long end;
  private @Nullable ScheduledFuture<?> running;

  private RequestDeadline(Limits limits, Runnable whenMissed) {
    this.limits = limits;
    this.whenMissed = whenMissed;
  }

  /**
   * Watches every request of a connection.
   *
   * @param whenMissed called when a client is disconnected
   * @throws IllegalStateException if Vert.x does not expose the channel
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
        // The start may have arrived with the end of the previous request.
        begins(context);
      }
      super.channelRead(context, part);
    }
  }

  private void begins(ChannelHandlerContext context) {
    if (running == null) {
      pace = new MinimumPace(now(context));
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

  /** When the client is too late, if it sends nothing more. */
  private long next() {
    long behind = pace.due() + limits.stall().toNanos();
    return behind - end < 0 ? behind : end;
  }

  private void check(ChannelHandlerContext context) {
    if (!context.channel().config().isAutoRead()) {
      // The request waits for the answer to the previous one; its time starts when it is read.
      running = null;
      begins(context);
    } else if (next() - now(context) > 0) {
      checkLater(context);
    } else {
      whenMissed.run();
      // Do not wait for the write: a client that reads nothing would keep the connection open.
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
