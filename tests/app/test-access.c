/* placeholder */
#include "stage.h"
int main (int argc, char **argv) { stage_init (&argc, &argv); return g_test_run (); }
