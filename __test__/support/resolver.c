/* Preloaded into a process: the name in TRUST_ANCHORS_TEST_NAME has the numeric addresses in TRUST_ANCHORS_TEST_ADDRESSES, separated by commas. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
  const char *known = getenv("TRUST_ANCHORS_TEST_NAME");
  const char *addresses = getenv("TRUST_ANCHORS_TEST_ADDRESSES");
  if (!name || !known || !addresses || strcmp(name, known) != 0) return real(name, service, hints, found);
  char *list = strdup(addresses), *state = NULL;
  struct addrinfo **end = found;
  *found = NULL;
  for (char *address = strtok_r(list, ",", &state); address; address = strtok_r(NULL, ",", &state)) {
    int failed = real(address, service, hints, end);
    if (failed) return failed;
    while (*end) end = &(*end)->ai_next;
  }
  free(list);
  return 0;
}
