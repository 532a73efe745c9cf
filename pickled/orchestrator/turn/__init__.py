"""One answer, from the decision to the last sound: recalled, written, checked, spoken."""
