#include "detect/scan.h"
bool obi_unhide(const obi_scan *scan, ob_arena *arena, ob_views *views, ob_err *err);
