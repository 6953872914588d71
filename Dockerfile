# The image of Gambeson: the jar and a Java runtime with the modules that it needs, nothing else; no shell, no user but a number.
#
#   mvn package && docker build --build-arg VERSION=0.1.0 -t gambeson:0.1.0 .
#
# The jar comes from the build that tested it: the same sources make the same bytes. To pin the base image, name it by its digest:
# --build-arg BASE=docker.io/library/eclipse-temurin@sha256:…

ARG BASE=docker.io/library/eclipse-temurin:25-jdk
FROM $BASE AS runtime

# java.logging     what Netty, Vert.x and picocli fall back to or declare
# java.management  the JVM's metrics, with jdk.management for its memory and processor
# java.naming      names in certificates (Bouncy Castle), hosts (Netty)
# java.net.http    calls of the API server
# java.xml         logback.xml
# jdk.unsupported  Netty's buffers
RUN jlink --output /image/opt/java --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 --add-modules \
java.logging,java.management,java.naming,java.net.http,java.xml,jdk.management,jdk.unsupported

# The C library's files under the paths where the runtime's binaries look for them.
RUN find /image/opt/java -type f \( -name '*.so' -o -name java \) -exec ldd {} + 2>/dev/null \
      | awk '/=> \// { print $3 } $1 ~ /^\/.*\/ld-/ { print $1 }' | grep -v '^/image/' | sort -u | xargs cp -L --parents -t /image \
 && mkdir /image/etc && echo 'gambeson:x:65532:65532::/tmp:/none' > /image/etc/passwd && echo 'hosts: files dns' > /image/etc/nsswitch.conf \
 && mkdir -m 1777 /image/tmp

# The JVM's cache knows the jar by its size and time.
COPY target/gambeson.jar /image/opt/gambeson.jar
RUN touch -d @0 /image/opt/gambeson.jar

FROM scratch AS application
COPY --from=runtime /image/ /
USER 65532:65532

# The ahead-of-time cache: the classes as the JVM has them in memory, and what it learned about the code that a review runs. It fits only this
# jar, this runtime and these options, which are those of the ENTRYPOINT; the JVM ignores any other.
FROM application AS trained
COPY examples/web.yaml /tmp/web.yaml
RUN ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "-Xmn16m", "-XX:TrimNativeHeapInterval=10000", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", "-XX:FreqInlineSize=60", "-XX:InlineSmallCode=800", "-XX:Tier2InvokeNotifyFreqLog=13", "-XX:Tier2BackedgeNotifyFreqLog=16", "-Dkeystore.pkcs12.keyPbeIterationCount=1", "-XX:MaxRAM=512m", "-XX:AOTCacheOutput=/tmp/gambeson.aot", "-jar", "/opt/gambeson.jar", "train", "/tmp/web.yaml"]

FROM application
ARG VERSION=unknown
LABEL org.opencontainers.image.title="Gambeson" \
      org.opencontainers.image.description="A Kubernetes admission webhook that hardens pods" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
COPY --from=trained /tmp/gambeson.aot /opt/gambeson.aot
EXPOSE 8443 8080
# Half of the memory limit for the heap: what remains holds Netty's buffers, 64 MB at most, threads and code. Young
# objects have 16 MB of it, enough for a hundred reviews: otherwise the heap grows to its bound before it is collected. A replica that is out of memory ends,
# and the next one starts clean. The optimizing compiler waits four times as long as usual before it compiles a method that the
# cache knows (Tier2): otherwise it takes more than a third of the CPU of a start and of the first reviews. Netty and Vert.x keep private keys in key stores in
# memory, whose password is no secret: one iteration is enough. No file of performance counters: nothing is written at all, not even to /tmp.
ENTRYPOINT ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=50", "-Xmn16m", "-XX:TrimNativeHeapInterval=10000", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", "-XX:FreqInlineSize=60", "-XX:InlineSmallCode=800", "-XX:Tier2InvokeNotifyFreqLog=13", "-XX:Tier2BackedgeNotifyFreqLog=16", "-Dkeystore.pkcs12.keyPbeIterationCount=1", "-XX:AOTCache=/opt/gambeson.aot", "-jar", "/opt/gambeson.jar"]
CMD ["serve"]
