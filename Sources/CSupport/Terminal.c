#include "Terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const char paste_on[] = "\x1b[?2004h";
static const char paste_off[] = "\x1b[?2004l";

static atomic_int is_raw;
static int raw_input = -1;
static int raw_output = -1;
static struct termios cooked;

// SIGTERM and SIGHUP end the prompt in order.
static const int ending_signals[] = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE};
#define ENDING_SIGNALS (int)(sizeof ending_signals / sizeof *ending_signals)
static struct sigaction former_actions[ENDING_SIGNALS];

static void write_sequence(const char *bytes, size_t count) {
    // A terminal that takes no bytes now cannot be waited for in a signal handler.
    ssize_t ignored = write(raw_output, bytes, count);
    (void)ignored;
}

void csupport_terminal_leave_raw(void) {
    if (!atomic_exchange(&is_raw, 0)) return;
    int saved_errno = errno;
    write_sequence(paste_off, sizeof paste_off - 1);
    tcsetattr(raw_input, TCSADRAIN, &cooked);
    errno = saved_errno;
}

static void restore_and_end(int signal_number) {
    csupport_terminal_leave_raw();
    for (int i = 0; i < ENDING_SIGNALS; i++) {
        if (ending_signals[i] == signal_number) sigaction(signal_number, &former_actions[i], NULL);
    }
    // Blocked until this handler returns, then handled as it was before.
    raise(signal_number);
}

static void install_restoration(void) {
    static int installed;
    if (installed) return;
    installed = 1;
    atexit(csupport_terminal_leave_raw);
    for (int i = 0; i < ENDING_SIGNALS; i++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = restore_and_end;
        sigemptyset(&action.sa_mask);
        if (sigaction(ending_signals[i], NULL, &former_actions[i]) != 0) continue;
        if (former_actions[i].sa_handler == SIG_IGN) continue;
        sigaction(ending_signals[i], &action, NULL);
    }
}

int csupport_terminal_enter_raw(int input, int output) {
    if (!atomic_load(&is_raw)) {
        if (tcgetattr(input, &cooked) != 0) return errno;
        raw_input = input;
        raw_output = output;
    }
    install_restoration();
    struct termios raw = cooked;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN);
    raw.c_lflag |= ISIG;
    raw.c_cc[VINTR] = 3;
    raw.c_cc[VQUIT] = _POSIX_VDISABLE;
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    // A read does not wait: a signal takes away what was typed, also between poll and read.
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(input, TCSADRAIN, &raw) != 0) return errno;
    atomic_store(&is_raw, 1);
    write_sequence(paste_on, sizeof paste_on - 1);
    return 0;
}

int csupport_terminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

static _Atomic int forwarding[NSIG];

static void forward(int signal_number) {
    int saved_errno = errno;
    unsigned char byte = (unsigned char)signal_number;
    // A full pipe already wakes its reader.
    ssize_t ignored = write(atomic_load(&forwarding[signal_number]), &byte, 1);
    (void)ignored;
    errno = saved_errno;
}

int csupport_forward_signal(int signal_number, int descriptor) {
    if (signal_number <= 0 || signal_number >= NSIG) return EINVAL;
    atomic_store(&forwarding[signal_number], descriptor);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = forward;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(signal_number, &action, NULL) == 0 ? 0 : errno;
}

int csupport_wake_pipe(int descriptors[2], int blocking_reader) {
    if (pipe(descriptors) != 0) return errno;
    for (int i = 0; i < 2; i++) {
        fcntl(descriptors[i], F_SETFD, FD_CLOEXEC);
        if (i == 1 || !blocking_reader) fcntl(descriptors[i], F_SETFL, O_NONBLOCK);
    }
    return 0;
}
