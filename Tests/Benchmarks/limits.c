/* What the machine can do with the bytes of a file, on all cores: a JSON line for each limit.

   limits DATA DIRECTORY [zstd|disk]

   DATA is read into huge pages. Before each limit memory is touched, with pages of 4 KiB first and then huge ones,
   as before each operation of the libraries. Linux only. */
#include "limits.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum { BLOCK = 8 << 20, PIECE = 1 << 20 };
static int threads;
static size_t length;  /* a multiple of 4096, as direct writes need it; the tail of the data is zeros */
static char *source, *target;
static char path[2][4096];
static char *packed;
static size_t *packed_sizes, bound;

/* The bytes of a thread begin and end at multiples of 4096. */
static size_t edge(intptr_t k) { return k == workers ? length : (length / workers * k) & ~4095ul; }
static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static void *copy(void *index) {
  size_t start = edge((intptr_t)index);
  memcpy(target + start, source + start, edge((intptr_t)index + 1) - start);
  return NULL;
}

/* Virtual disks give much at once and less for a while after. */
static void rest(void) { sync(); sleep(2); }

static void write_file(const char *name, int flags, size_t start, size_t end) {
  int file = open(name, O_CREAT | O_TRUNC | O_WRONLY | flags, 0644);
  check(file >= 0 && posix_fallocate(file, 0, end - start) == 0, name);
  for (size_t at = start; at < end; at += BLOCK) {
    size_t count = least(BLOCK, end - at);
    check(pwrite(file, source + at, count, at - start) == (ssize_t)count, name);
  }
  if (flags) check(fdatasync(file) == 0, name);
  close(file);
}

static void *write_half(void *index) {
  intptr_t k = (intptr_t)index;
  write_file(path[k], 0, edge(k), edge(k + 1));
  return NULL;
}

static void *read_part(void *index) {
  int file = open(path[0], O_RDONLY);
  size_t end = edge((intptr_t)index + 1);
  for (size_t at = edge((intptr_t)index); at < end; at += PIECE) {
    size_t wanted = least(PIECE, end - at);
    check(pread(file, target + at, wanted, at) == (ssize_t)wanted, "pread");
  }
  close(file);
  return NULL;
}

/* Bytes of equal significance side by side, as values of 32 bits compress best, with the smallest table. */
static void *compress(void *index) {
  enum { COUNT = PIECE / 4 };
  uint8_t *shuffled = malloc(PIECE);
  ZSTD_CCtx *context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, ZSTD_cParam_getBounds(ZSTD_c_hashLog).lowerBound);
  ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, 7);
  for (size_t k = (intptr_t)index; k < length / PIECE; k += workers) {
    const uint32_t *from = (const uint32_t *)(source + k * PIECE);
    for (size_t i = 0; i < COUNT; i++)
      for (int b = 0; b < 4; b++) shuffled[b * COUNT + i] = from[i] >> (8 * b);
    packed_sizes[k] = ZSTD_compress2(context, packed + k * bound, bound, shuffled, PIECE);
  }
  ZSTD_freeCCtx(context);
  free(shuffled);
  return NULL;
}

static void *expand(void *index) {
  enum { COUNT = PIECE / 4 };
  uint8_t *shuffled = malloc(PIECE);
  for (size_t k = (intptr_t)index; k < length / PIECE; k += workers) {
    ZSTD_decompress(shuffled, PIECE, packed + k * bound, packed_sizes[k]);
    uint32_t *to = (uint32_t *)(target + k * PIECE);
    const uint8_t *one = shuffled, *two = one + COUNT, *three = two + COUNT, *four = three + COUNT;
    for (size_t i = 0; i < COUNT; i++)
      to[i] = one[i] | two[i] << 8 | three[i] << 16 | (uint32_t)four[i] << 24;
  }
  free(shuffled);
  return NULL;
}

static double begin(void) { sync(); warm(length * 11 / 5); return now(); }
static void emit(const char *name, double start) {
  printf("{\"peer\": \"limit\", \"op\": \"%s\", \"seconds\": %.6f, \"bytes\": %zu}\n", name, now() - start, length);
  fflush(stdout);
}

static void into_fresh(const char *name, Work *work) {
  double start = begin();
  target = map(length, MADV_HUGEPAGE);
  parallel(threads, work);
  emit(name, start);
  munmap(target, length);
}

int main(int argc, char **argv) {
  struct stat status;
  if (argc < 3) return 2;
  threads = least(sysconf(_SC_NPROCESSORS_ONLN), MAX_THREADS);
  int data = open(argv[1], O_RDONLY);
  check(data >= 0 && fstat(data, &status) == 0, argv[1]);
  length = (status.st_size + 4095) & ~4095ul;
  source = map(length, MADV_HUGEPAGE);
  for (off_t at = 0; at < status.st_size;) {
    ssize_t got = pread(data, source + at, status.st_size - at, at);
    check(got > 0, argv[1]);
    at += got;
  }
  for (int k = 0; k < 2; k++) snprintf(path[k], sizeof path[k], "%s/limit_%d", argv[2], k);

  double start = begin();
  parallel(2, write_half);
  emit("write", start);
  for (int k = 0; k < 2; k++) unlink(path[k]);
  int direct = open(path[0], O_CREAT | O_WRONLY | O_DIRECT, 0644);
  if (direct >= 0) {  /* not every file system has it */
    close(direct);
    rest();
    start = begin();
    write_file(path[0], O_DIRECT, 0, length);
    emit("write_durable", start);
  } else write_file(path[0], 0, 0, length);
  if (argc > 3 && strcmp(argv[3], "disk") == 0) return unlink(path[0]);  /* nothing else is asked for */
  target = map(length, MADV_HUGEPAGE);
  parallel(threads, read_part);  /* now the file is in the page cache */
  munmap(target, length);
  into_fresh("read", read_part);
  int cached = open(path[0], O_RDONLY);  /* after a sync nothing keeps it in the page cache */
  check(cached >= 0 && fdatasync(cached) == 0 && posix_fadvise(cached, 0, 0, POSIX_FADV_DONTNEED) == 0, path[0]);
  close(cached);
  rest();
  into_fresh("read_cold", read_part);
  unlink(path[0]);
  into_fresh("copy", copy);
  if (argc > 3) {
    bound = ZSTD_compressBound(PIECE);
    packed = map(length / PIECE * bound, MADV_HUGEPAGE);
    packed_sizes = calloc(length / PIECE, sizeof *packed_sizes);
    memset(packed, 1, length / PIECE * bound);
    start = begin();
    parallel(threads, compress);
    emit("zstd_compress", start);
    into_fresh("zstd_expand", expand);
  }
  return 0;
}
