#include <ombud/span.h>
size_t obi_tail_address(ob_span text, size_t from, bool last, bool *more);
