# docker build -t stint --build-arg VERSION=$(git describe --tags --always) .
# docker run -p 8480:8480 -v stint:/var/lib/stint -v $PWD/plan:/plan:ro stint serve /plan --listen 0.0.0.0:8480
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
# cgo: H3 is a C library, and golang:*-bookworm has gcc.
RUN CGO_ENABLED=1 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /stint ./cmd/stint

# The same Debian as above: the binary is linked to its glibc.
FROM debian:bookworm-slim
# redis-server: without --store, stint starts one of its own, so that the image alone keeps what it is
# told. ca-certificates: for --jwks https://… and rediss://.
RUN apt-get update \
	&& apt-get install -y --no-install-recommends redis-server ca-certificates \
	&& rm -rf /var/lib/apt/lists/* \
	&& useradd --system --home-dir /var/lib/stint --create-home stint
COPY --from=build /stint /usr/local/bin/stint
USER stint
WORKDIR /var/lib/stint
VOLUME /var/lib/stint
EXPOSE 8480
ENTRYPOINT ["stint"]
CMD ["serve", "--state", "/var/lib/stint", "--listen", "0.0.0.0:8480"]
