// Command load sends reviews at a fixed rate, whether or not the answers come, and prints how long each took from the moment at
// which it was due.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

const marker = "@SERIAL@"

var allowed = []byte(`"allowed":true`)

// target is a URL and the reviews that are sent to it in turns.
type target struct {
	url     string
	reviews []string
}

func main() {
	rate := flag.Int("rate", 100, "requests a second")
	count := flag.Int("count", 1000, "how many requests")
	skip := flag.Int("skip", 0, "how many of the first ones do not count")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: load [options] URL=FILE... (a file has a review in each line)")
		flag.PrintDefaults()
	}
	flag.Parse()
	targets, err := read(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	latencies, failures := send(targets, *rate, *count)
	if len(failures) > 0 {
		fmt.Fprintf(os.Stderr, "load: %d of %d failed, the first: %v\n", len(failures), *count, failures[0])
	}
	counted := latencies[min(*skip, len(latencies)-1):]
	slices.Sort(counted)
	fmt.Printf("%.3f %.3f %.3f %d\n", milliseconds(counted, 50), milliseconds(counted, 99), milliseconds(counted, 100), len(failures))
}

func read(arguments []string) ([]target, error) {
	var targets []target
	for _, argument := range arguments {
		url, file, found := strings.Cut(argument, "=")
		if !found {
			return nil, fmt.Errorf("%q is not URL=FILE", argument)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		targets = append(targets, target{url, strings.Split(strings.TrimSpace(string(text)), "\n")})
	}
	if len(targets) == 0 {
		return nil, fmt.Errorf("no URL=FILE")
	}
	return targets, nil
}

func send(targets []target, rate, count int) ([]time.Duration, []error) {
	client := http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			// The server is ours, on this machine, and makes its certificate at its start.
			TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
			MaxIdleConnsPerHost: count,
		},
	}
	latencies := make([]time.Duration, count)
	var failures []error
	var mutex sync.Mutex
	var answers sync.WaitGroup
	start := time.Now()
	for i := range count {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		answers.Go(func() {
			to := targets[i%len(targets)]
			review := to.reviews[i/len(targets)%len(to.reviews)]
			err := post(&client, to.url, strings.ReplaceAll(review, marker, fmt.Sprintf("%012d", i)))
			latencies[i] = time.Since(due)
			if err != nil {
				mutex.Lock()
				defer mutex.Unlock()
				failures = append(failures, err)
			}
		})
	}
	answers.Wait()
	return latencies, failures
}

func post(client *http.Client, url, review string) error {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, strings.NewReader(review))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !bytes.Contains(body, allowed) {
		return fmt.Errorf("%s: %.300s", response.Status, body)
	}
	return nil
}

// milliseconds is the latency that so many percent of the sorted latencies do not exceed.
func milliseconds(sorted []time.Duration, percent int) float64 {
	index := (len(sorted)*percent + 99) / 100
	return float64(sorted[max(index, 1)-1]) / float64(time.Millisecond)
}
