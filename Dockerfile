# One image for every process of Heliograph; the command says which (docker-compose.yml).
# Build stages: the interface with Node, the packages with pip, then a small image that carries neither compiler.

FROM node:22.12.0-bookworm-slim AS interface
WORKDIR /src/app/ui
COPY app/ui/package.json app/ui/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY app/ui/ ./
RUN npm run build

FROM python:3.11.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/heliograph
WORKDIR /src
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY schemas/ schemas/
COPY clickhouse/ clickhouse/
COPY app/ app/
COPY streams/ streams/
COPY --from=interface /src/app/ui/dist/ app/ui/dist/
# Without the extra `embedded`: in containers every backing service is a container of its own.
RUN /opt/heliograph/bin/pip install --constraint constraints.txt .

FROM python:3.11.11-slim-bookworm
RUN groupadd --gid 10001 heliograph \
    && useradd --uid 10001 --gid heliograph --home-dir /data --shell /usr/sbin/nologin heliograph \
    && install -d -o heliograph -g heliograph -m 0700 /data
COPY --from=packages /opt/heliograph /opt/heliograph
COPY docker/healthy.py /usr/local/bin/healthy
ENV PATH=/opt/heliograph/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER heliograph
WORKDIR /data
VOLUME /data
CMD ["heliograph", "--help"]
