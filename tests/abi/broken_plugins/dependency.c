int qonduit_test_dependency(void);
int qonduit_test_dependency(void) { return 1; }
