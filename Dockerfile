# Grading on macOS and Windows: docs/grading-elsewhere.md says how to start it.
FROM python:3.11-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libseccomp2 \
    && rm -rf /var/lib/apt/lists/*

# Named one by one: a clone also holds submissions and grades.
WORKDIR /opt/gradients-by-hand
COPY pyproject.toml constraints.txt README.md CHANGELOG.md LICENSE ./
COPY course_utils course_utils
COPY notebooks notebooks
RUN pip install --no-cache-dir --constraint constraints.txt '.[instructor]'

# Nobody in particular: the user that starts the container has no home in it.
RUN useradd lecturer
USER lecturer
ENV HOME=/tmp
WORKDIR /course
CMD ["course", "doctor"]
