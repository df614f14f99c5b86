"""The work: uploads, the style library, style-transfer jobs, the queue and its workers."""
