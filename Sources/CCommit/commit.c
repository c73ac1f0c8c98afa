#include "CCommit.h"

#ifndef KTRDR_COMMIT
#define KTRDR_COMMIT ""
#endif

const char *ccommit_text(void) { return KTRDR_COMMIT; }
