#pragma once

/// Puts the terminal into the mode a line editor needs: bytes arrive at once and unechoed. Ctrl-C still raises SIGINT,
/// so a callback that runs while the prompt waits can be interrupted; Ctrl-Z and Ctrl-\ arrive as bytes. Bracketed
/// paste is turned on. The former mode is restored at exit and by every signal that ends the process.
/// Returns 0, or errno.
int csupport_terminal_enter_raw(int input, int output);

/// Restores the mode that the terminal had before. Does nothing when it is not raw. Async-signal-safe.
void csupport_terminal_leave_raw(void);

/// Columns and rows of the terminal. Returns 0, or errno.
int csupport_terminal_size(int descriptor, int *columns, int *rows);

/// From now on the signal writes its number, as one byte, to the descriptor, which must be non-blocking.
/// Returns 0, or errno.
int csupport_forward_signal(int signal_number, int descriptor);

/// A pipe that is closed on exec and whose write end never blocks; the read end blocks only when asked for.
/// Returns 0, or errno.
int csupport_wake_pipe(int descriptors[2], int blocking_reader);
