#ifndef CCOMMIT_H
#define CCOMMIT_H

/// The commit that the program was built from and its date, as `abc1234, 2026-11-28`; empty if nobody said it.
const char *ccommit_text(void);

#endif
