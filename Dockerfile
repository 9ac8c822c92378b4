# Tally as an image: Java, the jar and nothing that builds.
#
#   docker build -t tally .                     builds the jar with Maven, in a stage of its own
#   docker build -t tally --target prebuilt .   takes target/tally.jar, where Maven has run already
#
# These tags follow the security updates of their line. For an image that never changes by itself, pass digests.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-17
ARG RUNTIME_IMAGE=eclipse-temurin:17-jre

# Everything but the jar, which changes most often and so comes last.
FROM ${RUNTIME_IMAGE} AS base
ARG RUNTIME_IMAGE
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
RUN groupadd --gid 10001 tally \
    && useradd --uid 10001 --gid 10001 --no-log-init --no-create-home --home-dir /var/lib/tally \
        --shell /usr/sbin/nologin tally \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/tally
COPY --chmod=0755 ops/image/healthcheck.sh /opt/tally/healthcheck
# Loopback would be the container's own. Beyond it Tally asks for tokens before it starts.
# Glibc's arenas, one per thread, would let native memory grow beside the heap, and so would large pieces in them (ADR 36).
ENV TALLY_HTTP_HOST=0.0.0.0 \
    TALLY_DATA_DIR=/var/lib/tally \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=131072
WORKDIR /var/lib/tally
# As numbers, since Kubernetes cannot tell whether a name is root. The root file system may be read-only: written are
# /var/lib/tally and /tmp, from which RocksDB's library is run (so no noexec there).
USER 10001:10001
EXPOSE 8080
# Java is process 1: it gets the signal and commits what is decided, and its exit code is the container's. 75 asks for
# a new start, which is left to the container's restart policy.
STOPSIGNAL SIGTERM
# Live and not ready: who restarts what is unhealthy must not do so to an instance that restores.
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 \
    CMD ["/opt/tally/healthcheck", "/health/live"]
# The launcher's flags, an archive of classes, and half of the container's memory for the heap: RocksDB and the clients
# need theirs. More or other flags go into JDK_JAVA_OPTIONS; an -Xmx there overrides the share.
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-XX:MaxRAMPercentage=50", "-XX:SharedArchiveFile=/opt/tally/tally.jsa", "-Xlog:cds*=off", "-jar", "/opt/tally/tally.jar"]
CMD ["serve"]
LABEL org.opencontainers.image.title="Tally" \
      org.opencontainers.image.description="An exactly-once ledger on Kafka Streams" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"

# Before the stage with Maven: builders that run every stage up to the one that is asked for do not need its image then.
FROM base AS prebuilt
COPY --chmod=0644 target/tally.jar /opt/tally/tally.jar
# The classes as the image's Java maps them into memory: by root, since Tally may not write to its own program.
USER 0:0
RUN java -XX:ArchiveClassesAtExit=/opt/tally/tally.jsa -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -jar /opt/tally/tally.jar train \
    && test -s /opt/tally/tally.jsa \
    && rm -rf /tmp/*
USER 10001:10001

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml .
# An empty program brings all libraries and plug-ins: this layer stays until pom.xml changes.
RUN mvn -B -q -ntp -Dquick package && rm -r target
COPY schemas schemas
COPY src/main src/main
RUN mvn -B -q -ntp -Dquick package

FROM base AS runtime
COPY --from=build --chmod=0644 /src/target/tally.jar /opt/tally/tally.jar
USER 0:0
RUN java -XX:ArchiveClassesAtExit=/opt/tally/tally.jsa -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -jar /opt/tally/tally.jar train \
    && test -s /opt/tally/tally.jsa \
    && rm -rf /tmp/*
USER 10001:10001
