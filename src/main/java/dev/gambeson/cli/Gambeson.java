package dev.gambeson.cli;

public final class Gambeson {
  private Gambeson() {}

  public static void main(String[] args) {
    System.out.println("hi " + args.length);
  }
}
