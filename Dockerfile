# The program, and git for those who call it from a pipeline; not as root.
#   docker build -t zoneloom .
#   docker run --rm -v "$PWD:/repo:ro" zoneloom list
FROM debian:12-slim AS build
WORKDIR /src
COPY . .
# hadolint ignore=DL3008,SC2046
RUN apt-get update \
 && apt-get install -y --no-install-recommends $(sed -n '/^. To build/,/^. To test/{/^#/!p}' deps.txt) \
 && make all \
 && make install DESTDIR=/out PREFIX=/usr

FROM debian:12-slim
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends git openssh-client ca-certificates \
    libyaml-0-2 libjansson4 libgit2-1.5 zlib1g libidn2-0 libpsl5 libunistring2 \
    libpcre2-8-0 libssl3 libzscanner4 libldns3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 65532 zoneloom \
 && git config --system --add safe.directory '*'
COPY --from=build /out/usr /usr
USER 65532
WORKDIR /repo
ENTRYPOINT ["zoneloom"]
CMD ["help"]
