package dev.gambeson.yaml;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes YAML as people write manifests: block style, two spaces, lists not indented. */
public final class YamlWriter {
  private YamlWriter() {}

  /** The YAML of a scalar, list or map of such; ends in a line feed. */
  public static String write(Object value) {
    var options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setWidth(Integer.MAX_VALUE);
    return new Yaml(options).dump(value);
  }
}
