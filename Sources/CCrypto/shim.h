#ifndef CCRYPTO_SHIM_H
#define CCRYPTO_SHIM_H

// OpenSSL 3 prefers its interface for every algorithm, which has to be asked for SHA-256 at run time, and can be told to refuse.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#endif
