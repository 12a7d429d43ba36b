#pragma once
// MPI's constants and many of its handles are macros, which Swift doesn't import, and their types differ: a communicator
// is a pointer in Open MPI and an int in MPICH. These functions name what a group needs, with each handle as an integer
// that holds both. Each returns MPI's error code, which is 0 for success.
#include <mpi.h>
#include <stdint.h>
#include <string.h>

// A communicator of our own.
typedef uintptr_t cmpi_communicator;

// A send or a receive that isn't done.
typedef uintptr_t cmpi_request;

// One tag is enough, since messages have names; other libraries have communicators of their own.
enum { cmpi_tag = 0 };

// The levels of thread support, in rising order.
static inline int cmpi_thread_funneled(void) { return MPI_THREAD_FUNNELED; }
static inline int cmpi_thread_multiple(void) { return MPI_THREAD_MULTIPLE; }

static inline int cmpi_is_initialized(int *started, int *ended) {
  int code = MPI_Initialized(started);
  return code != MPI_SUCCESS ? code : MPI_Finalized(ended);
}

static inline int cmpi_initialize(int *level) {
  return MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, level);
}

static inline int cmpi_query_thread(int *level) { return MPI_Query_thread(level); }

// Returns after all processes have called it.
static inline int cmpi_open(cmpi_communicator *communicator, int *rank, int *count) {
  MPI_Comm handle = MPI_COMM_NULL;
  int code = MPI_Comm_dup(MPI_COMM_WORLD, &handle);
  *communicator = (cmpi_communicator)handle;
  if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(handle, MPI_ERRORS_RETURN);
  if (code == MPI_SUCCESS) code = MPI_Comm_rank(handle, rank);
  return code != MPI_SUCCESS ? code : MPI_Comm_size(handle, count);
}

static inline int cmpi_close(cmpi_communicator communicator) {
  MPI_Comm handle = (MPI_Comm)communicator;
  return MPI_Comm_free(&handle);
}

// Returns after all processes have called it.
static inline int cmpi_finalize(void) { return MPI_Finalize(); }

static inline int cmpi_send(
    cmpi_communicator communicator, const void *bytes, int count, int rank, cmpi_request *request) {
  MPI_Request handle = MPI_REQUEST_NULL;
  int code = MPI_Isend(bytes, count, MPI_BYTE, rank, cmpi_tag, (MPI_Comm)communicator, &handle);
  *request = (cmpi_request)handle;
  return code;
}

// Looks for a message of any rank. One thread alone receives on the communicator, so the message is still
// there when it is received, and a matched probe, which some transports lack, isn't needed.
static inline int cmpi_probe(
    cmpi_communicator communicator, int *found, int *rank, int *count) {
  MPI_Status status;
  int code = MPI_Iprobe(MPI_ANY_SOURCE, cmpi_tag, (MPI_Comm)communicator, found, &status);
  if (code != MPI_SUCCESS || !*found) return code;
  *rank = status.MPI_SOURCE;
  return MPI_Get_count(&status, MPI_BYTE, count);
}

static inline int cmpi_receive(
    cmpi_communicator communicator, void *bytes, int count, int rank, cmpi_request *request) {
  MPI_Request handle = MPI_REQUEST_NULL;
  int code = MPI_Irecv(bytes, count, MPI_BYTE, rank, cmpi_tag, (MPI_Comm)communicator, &handle);
  *request = (cmpi_request)handle;
  return code;
}

// Tells whether a request is done; its handle is of no use afterwards.
static inline int cmpi_test(cmpi_request request, int *done) {
  MPI_Request handle = (MPI_Request)request;
  return MPI_Test(&handle, done, MPI_STATUS_IGNORE);
}

// The longest text of the two functions below, with its terminator.
enum {
  cmpi_text_size =
      MPI_MAX_ERROR_STRING > MPI_MAX_LIBRARY_VERSION_STRING ? MPI_MAX_ERROR_STRING : MPI_MAX_LIBRARY_VERSION_STRING
};

// Writes the text of an error code.
static inline void cmpi_describe(int error, char *text) {
  int length = 0;
  memset(text, 0, cmpi_text_size);
  MPI_Error_string(error, text, &length);
}

// Writes the name and the version of the library.
static inline void cmpi_library(char *text) {
  int length = 0;
  memset(text, 0, cmpi_text_size);
  MPI_Get_library_version(text, &length);
}
