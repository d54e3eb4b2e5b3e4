/* Adds the seconds that stand in the file $SIEGE_CLOCK to the wall clock of our own processes. Tests only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *const OURS[] = {"app.collector.server", "streams.worker", "app.main"};
static const volatile int64_t *shift;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

static int is_ours(void) {
  char line[4096];
  int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, line, sizeof line - 1);
  close(fd);
  for (ssize_t at = 0; at < length; at += (ssize_t)strlen(line + at) + 1) {
    line[length] = 0;
    for (size_t one = 0; one < sizeof OURS / sizeof *OURS; one++)
      if (!strcmp(line + at, OURS[one])) return 1;
  }
  return 0;
}

__attribute__((constructor)) static void begin(void) {
  real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *path = getenv("SIEGE_CLOCK");
  if (!path || !is_ours()) return;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  void *map = mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map != MAP_FAILED) shift = map;
}

int clock_gettime(clockid_t id, struct timespec *now) {
  if (!real_clock_gettime) begin();
  int result = real_clock_gettime(id, now);
  if (!result && shift && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += *shift;
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec exact;
  int result = clock_gettime(CLOCK_REALTIME, &exact);
  if (!result) *now = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
  return result;
}

time_t time(time_t *where) {
  struct timespec exact;
  if (clock_gettime(CLOCK_REALTIME, &exact)) return -1;
  if (where) *where = exact.tv_sec;
  return exact.tv_sec;
}
