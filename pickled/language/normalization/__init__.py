"""Text normalization: what is written becomes what a person would say; the same for every voice.

`cleaning` takes out what is no speech: captions and voices get the result. `aloud` words numbers
and signs for a voice. Both are pure, and to do either twice changes nothing.
"""
