package application;

import java.util.logging.LogManager;

/** One that an application brings along. */
public final class OwnLogManager extends LogManager {}
