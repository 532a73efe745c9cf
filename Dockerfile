# The daemon: docker build -t pickled .   (another Python: --build-arg PYTHON=3.12)
# With memory that finds by meaning, 1 GB more: --build-arg EXTRAS=embeddings, and for TORCH_INDEX the
# address that torch's own "Get started" page names for machines without a GPU: else it is gigabytes.
ARG PYTHON=3.13
FROM python:${PYTHON}-slim-bookworm AS build
ARG EXTRAS=""
ARG TORCH_INDEX=""
WORKDIR /src
RUN python -m venv /opt/pickled
COPY requirements.lock ./
COPY .ci/requirements-embeddings.lock ./.ci/
RUN /opt/pickled/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
RUN if [ "$EXTRAS" = embeddings ]; then \
        /opt/pickled/bin/pip install --no-cache-dir "torch>=2.4" ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} \
        && /opt/pickled/bin/pip install --no-cache-dir --require-hashes -r .ci/requirements-embeddings.lock; \
    fi
COPY pyproject.toml README.md LICENSE ./
COPY personas ./personas
COPY systemd ./systemd
COPY pickled ./pickled
RUN /opt/pickled/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:${PYTHON}-slim-bookworm
# Voices that need no other server. No version: Debian's own, with its security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends espeak-ng flite \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin pickled \
    && install -d -o pickled -g pickled -m 0700 /data \
    && install -d /config
COPY --from=build /opt/pickled /opt/pickled
ENV PATH=/opt/pickled/bin:$PATH \
    HOME=/data \
    STATE_DIRECTORY=/data \
    PYTHONUNBUFFERED=1
USER 10001
WORKDIR /config
VOLUME /data
# It ends by itself when it is asked to, within 5 s.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["pickled", "watch", "--online", "--seconds", "5"]
ENTRYPOINT ["pickled"]
CMD ["run"]
