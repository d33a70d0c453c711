# stint with a redis-server beside it, so that `stint serve` keeps what it grants. Debian, because
# H3 is a C library and the child server comes from its packages.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN go build -trimpath -ldflags "-X main.version=${VERSION}" -o /stint ./cmd/stint

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates redis-server tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --home-dir /var/lib/stint stint
COPY --from=build /stint /usr/local/bin/stint
USER stint
WORKDIR /var/lib/stint
VOLUME /var/lib/stint
EXPOSE 8480
ENTRYPOINT ["stint"]
CMD ["serve", "--listen", "0.0.0.0:8480", "--state", "/var/lib/stint/state"]
