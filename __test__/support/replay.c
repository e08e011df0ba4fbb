// Node's own loop over a CA file, with Node's own OpenSSL: loaded into a Node binary, whose OpenSSL functions are
// exported, this reads files from standard input and writes what the loop makes of each. It takes microseconds where
// a new process takes forty milliseconds, and serves to compare very many files; the tests that count ask Node itself.
//
// Input, for every file: its length (32 bits, little endian), its bytes. Output, a line a file: the SHA-256 of every
// certificate, separated by commas; a semicolon; the text of the error behind Node's warning, or nothing.

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct bio_st BIO;
typedef struct x509_st X509;
typedef struct x509_store_st X509_STORE;
extern BIO *BIO_new_file(const char *name, const char *mode);
extern int BIO_free(BIO *bio);
extern X509 *PEM_read_bio_X509(BIO *bio, X509 **certificate, int (*password)(char *, int, int, void *), void *data);
extern X509_STORE *X509_STORE_new(void);
extern int X509_STORE_add_cert(X509_STORE *store, X509 *certificate);
extern void X509_STORE_free(X509_STORE *store);
extern void X509_free(X509 *certificate);
extern int i2d_X509(const X509 *certificate, unsigned char **out);
extern unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *digest);
extern void ERR_clear_error(void);
extern unsigned long ERR_peek_error(void);
extern unsigned long ERR_peek_last_error(void);
extern void ERR_error_string_n(unsigned long error, char *text, size_t length);

enum { LIBRARY_PEM = 9, NO_START_LINE = 108 };

static int no_password(char *buffer, int size, int writing, void *data) {
  (void)buffer, (void)size, (void)writing, (void)data;
  return 0;
}

// Node 18 and 20 put each certificate into the store while they read, and that may queue errors; later ones do it afterwards.
static void read_file(const char *path, int last_error) {
  X509_STORE *store = last_error ? NULL : X509_STORE_new();
  ERR_clear_error();
  BIO *bio = BIO_new_file(path, "r");
  if (!bio) abort();
  const char *separator = "";
  X509 *certificate;
  while ((certificate = PEM_read_bio_X509(bio, NULL, no_password, NULL))) {
    if (store) X509_STORE_add_cert(store, certificate);
    unsigned char *encoded = NULL;
    unsigned char digest[32];
    int length = i2d_X509(certificate, &encoded);
    fputs(separator, stdout);
    if (length < 0) {
      fputs("unencodable", stdout);
    } else {
      SHA256(encoded, (size_t)length, digest);
      for (int index = 0; index < 32; index++) printf("%02x", digest[index]);
      free(encoded);
    }
    separator = ",";
    X509_free(certificate);
  }
  unsigned long error = last_error ? ERR_peek_last_error() : ERR_peek_error();
  char text[256] = "";
  int end_of_file = ((error >> 23) & 0xff) == LIBRARY_PEM && (error & 0x7fffff) == NO_START_LINE;
  if (error && !end_of_file) ERR_error_string_n(error, text, sizeof text);
  printf(";%s\n", text);
  BIO_free(bio);
  X509_STORE_free(store);
}

__attribute__((constructor)) static void run(void) {
  int last_error = getenv("REPLAY_LAST_ERROR") != NULL;
  int file = memfd_create("file", 0);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  static char buffer[1 << 16];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  uint32_t length;
  while (fread(&length, sizeof length, 1, stdin) == 1) {
    char *bytes = malloc(length ? length : 1);
    if (fread(bytes, 1, length, stdin) != length) abort();
    if (ftruncate(file, 0) || pwrite(file, bytes, length, 0) != (ssize_t)length) abort();
    free(bytes);
    read_file(path, last_error);
  }
  fflush(stdout);
  _exit(0);
}
