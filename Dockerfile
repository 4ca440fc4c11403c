# The web, worker and beat processes; the base image can be replaced where no registry of images is reachable.
ARG BASE_IMAGE=python:3.11-slim-bookworm
FROM ${BASE_IMAGE}

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements/prod.lock requirements/bootstrap/ /tmp/requirements/
RUN python3 -m venv --without-pip /opt/venv \
 && PYTHONPATH="$(ls /tmp/requirements/pip-*.whl)" /opt/venv/bin/python -m pip install --no-cache-dir \
    --disable-pip-version-check --require-hashes --only-binary :all: -r /tmp/requirements/prod.lock \
 && rm -rf /tmp/requirements
COPY manage.py pyproject.toml ./
COPY requirements/base.lock requirements/
COPY factcheck factcheck
COPY claims claims
COPY templates templates
RUN useradd --system --uid 10001 --no-create-home desk && mkdir -p -m 0700 /data/backups && chown -R desk /data
USER desk
EXPOSE 8000
CMD ["gunicorn", "factcheck.wsgi:application", "--bind", "0.0.0.0:8000"]
