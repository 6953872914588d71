package dev.gambeson.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import dev.gambeson.admission.Webhook;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What both verdicts on a pod cost that grows up to the bounds of a review. */
final class Growth {
  private static final int DOUBLINGS = 4;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * A pod that can be made long.
   *
   * @param most the largest number of elements
   * @param pod with {@code @} where its elements stand
   * @param element with {@code #} for its number
   */
  record Shape(String name, int most, String pod, String element) {
    byte[] review(int count) {
      var elements =
          IntStream.range(0, count)
              .mapToObj(i -> element.replace("#", Integer.toString(i)))
              .collect(Collectors.joining(","));
      return """
      {'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview','request':{'uid':'1',\
      'kind':{'group':'','version':'v1','kind':'Pod'},'operation':'CREATE','namespace':'shop',\
      'object':{'metadata':{'name':'web'},'spec':%s}}}\
      """
          .formatted(pod.replace("@", elements))
          .replace('\'', '"')
          .getBytes(UTF_8);
    }
  }

  static final List<Shape> SHAPES =
      List.of(
          new Shape("containers", 480, "{'containers':[@]}", "{'name':'c#','image':'nginx:1'}"),
          new Shape(
              "variables",
              19_200,
              "{'containers':[{'name':'web','image':'nginx:1','env':[@]}]}",
              "{'name':'SETTING_#','value':'value-#'}"),
          new Shape(
              "mounts",
              9_600,
              "{'containers':[{'name':'web','image':'nginx:1','volumeMounts':[@]}]}",
              "{'name':'v#','mountPath':'/m/#'}"),
          new Shape(
              "violations",
              19_200,
              "{'containers':[{'name':'web','image':'nginx:1','ports':[@]}]}",
              "{'containerPort':8080,'hostPort':1#}"));

  private Growth() {}

  /**
   * Prints results as {@link Series} reads them; the round is the size.
   *
   * @param arguments how often each review is judged before it is measured, and then again
   */
  public static void main(String[] arguments) {
    int runs = Integer.parseInt(arguments[0]);
    var engine = new Engine();
    for (var shape : SHAPES) {
      for (int i = DOUBLINGS - 1; i >= 0; i--) {
        int size = shape.most() >> i;
        var review = shape.review(size);
        for (int run = 0; run < runs; run++) {
          judge(engine, review);
        }
        long allocated = Long.MAX_VALUE;
        long time = Long.MAX_VALUE;
        for (int run = 0; run < runs; run++) {
          long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
          long timeBefore = THREADS.getCurrentThreadCpuTime();
          judge(engine, review);
          time = Math.min(time, THREADS.getCurrentThreadCpuTime() - timeBefore);
          allocated = Math.min(allocated, THREADS.getCurrentThreadAllocatedBytes() - bytesBefore);
        }
        print(shape, size, "KB", allocated / 1000.0);
        print(shape, size, "CPU ms", time / 1e6);
      }
    }
  }

  private static void judge(Engine engine, byte[] review) {
    engine.answer(Webhook.MUTATE, review);
    engine.answer(Webhook.VALIDATE, review);
  }

  private static void print(Shape shape, int size, String metric, double value) {
    System.out.printf(
        Locale.ROOT, "growth\t%s\tgambeson\t%d\t%s\t%.3f%n", shape.name(), size, metric, value);
  }
}
