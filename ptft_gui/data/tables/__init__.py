"""Every format a person may bring, as one thing: rows with named columns, in batches."""
